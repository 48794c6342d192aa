-- Takes back 0019_forms.up.sql. A draft that was never published has no place in what was before.
drop trigger strengths_first on assessment;
drop function strengths_first();
drop trigger form_is_live on assessment;
drop function assessment_form_is_live();

revoke update (title, definition, source, state, withdrawn_reason, revision), delete on form from administrator;
drop trigger watch on form;
drop trigger guard on form;
drop function guard_form();
delete from form where state = 'draft';
alter table form
  drop column state, drop column source, drop column imported_at, drop column imported_by, drop column published_by,
  drop column withdrawn_at, drop column withdrawn_by, drop column withdrawn_reason, drop column revision,
  drop constraint form_is_what_it_says,
  alter column published_at set not null;
drop function form_talks_first(jsonb);
