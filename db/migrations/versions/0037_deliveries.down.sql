-- What waits for the commit would keep the tables from being altered.
set constraints all immediate;
drop trigger drop_fitting on equipment_collection;
drop trigger follow_in_visits on equipment_collection;
drop trigger follow_in_visits on equipment_order;
drop trigger drop_left_deliveries on visit;
drop trigger retime_deliveries on visit;
drop trigger settle_deliveries on visit;
drop trigger move_deliveries on visit_outcome;
drop function drop_fitting(), follow_collection_in_visits(), follow_order_in_visits(), drop_left_deliveries(),
  follow_visit_to_another_day(), follow_visit_time(), settle_deliveries();
drop function take_up_delivery(delivery), end_delivery(delivery, text, text), resume_delivery(delivery, tstzrange),
  settle_delivery(delivery, text, text, timestamptz);
drop function retime_deliveries(uuid, tstzrange);
drop table delivery;
drop function guard_delivery();
