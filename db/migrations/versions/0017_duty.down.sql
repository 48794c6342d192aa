-- Takes back 0017_duty.up.sql.
drop function handover_waiting(uuid), held_without_word(uuid, text);  -- written in SQL: they depend on the tables
drop table handover_item, handover, desk_correction, desk_break, desk_shift;
drop function check_handover_holder(), guard_handover_item(), guard_handover(), correct_desk(), guard_desk_break(),
  guard_desk_shift(), answers_for_desk(text), my_locality();
drop type user_span;
