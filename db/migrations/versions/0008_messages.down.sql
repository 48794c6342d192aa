drop table message, original cascade;
