drop index message_read;
drop index message_keys;
alter table message drop column content_key;
alter table message drop column keys;
