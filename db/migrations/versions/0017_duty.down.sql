-- Takes back 0017_duty.up.sql.
drop table handover_item, handover, desk_correction, desk_break, desk_shift;
drop function handover_waiting(uuid), check_handover_holder(), guard_handover_item(), guard_handover(), correct_desk(), guard_desk_break(),
  guard_desk_shift(), held_without_word(uuid, text), answers_for_desk(text), my_locality();
drop type user_span;
