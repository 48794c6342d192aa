drop function publish_day(uuid, int, date, int, jsonb);
drop table published_visit;
drop table published_day;
drop function published_stays();
