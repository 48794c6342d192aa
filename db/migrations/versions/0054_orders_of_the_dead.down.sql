drop trigger of_the_living on equipment_order;
drop function equipment_order_of_the_living();
