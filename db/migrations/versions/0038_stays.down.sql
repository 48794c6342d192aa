-- Stays that are moved, swapped and shortened; inspection; vacant and accepting (N4), taken back.
select;
