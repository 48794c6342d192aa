drop trigger whole_before_signed on assessment;
drop function assessment_is_whole();
drop function form_missing(jsonb, jsonb, text[]);
drop function form_condition_holds(jsonb, jsonb);
