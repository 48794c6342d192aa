drop table answer, assessment;
drop function guard_answer(), guard_assessment(), is_recognised(text, text, date);
drop table recognised_assessor, form;
