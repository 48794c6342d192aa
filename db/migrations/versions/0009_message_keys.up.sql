-- Under what a message is known, so that an update, a cancel or an answer finds what it speaks of; and what it says
-- whatever its bytes, so that one sent again is told from one that says something else under the same id.
alter table message add column keys text[] not null default '{}';
alter table message add column content_key text not null default '';
create index message_keys on message using gin (keys);
create index message_read on message (read_at desc, id desc);
