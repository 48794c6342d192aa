drop function hidden_stays(daterange);
drop table stay, apartment, scheme;
drop function guard_stay();
