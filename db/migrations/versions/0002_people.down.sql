drop function spelt_like(text[]);   -- reads the tables below
drop table name_lexicon, person_around, person_alert;
drop policy shared_with_me on person;
drop policy correcting on person;
drop policy shared_with_me on person_sharing;
drop function hidden_people(text);
drop table person_sharing, person;
drop function learn_names(), trigrams(text);
