drop function create_login(text, text, text, text, text, int);
drop table audit.entry, user_account cascade;   -- with my_role() and my_team(), which read it
drop schema audit cascade;
drop table team, setting, service, reference_import, hospital, postcode, practice, ward, neighbourhood, locality;
drop function stamp(), refuse_strangers(), is_owner();
drop function nhs_number_holds(text), phone_key(text), fold(text);
alter default privileges grant execute on functions to public;
-- Roles belong to the server and may be used by another database of it: they stay.
