drop trigger equipment on care_plan;
drop trigger equipment on stay;
drop trigger equipment_goes_along on stay;
drop trigger equipment on person;
drop view equipment_stock_line;
drop table equipment_reminder, equipment_service, equipment_collection, equipment_loan, equipment_movement, equipment_whereabouts,
  equipment_order, equipment_item, equipment_stock, equipment_store, equipment_substitute, equipment_model cascade;
drop function equipment_count(text, text, text, int), equipment_move(), equipment_take_in(), equipment_place_of(text),
  equipment_guard_order(), equipment_follow_order(), equipment_guard_loan(), equipment_guard_collection(),
  equipment_follow_collection(), equipment_collect_by(text), equipment_ended(uuid[], text), equipment_goes_on(uuid[], text),
  equipment_follow_plan(), equipment_follow_stay(), equipment_follow_life(), equipment_follow_loan(), equipment_follow_service(),
  equipment_today();
delete from setting where name = 'equipment.collect_within';
update setting set value = value #- '{rows,equipment_model}' #- '{rows,equipment_substitute}' #- '{rows,equipment_store}'
where name = 'seeded_reference';
