-- A plan seen before it is applied; pairs by key; moves between days
select;
