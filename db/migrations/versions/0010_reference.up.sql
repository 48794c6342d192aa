-- Postcodes come and go: one that Royal Mail has retired still says where somebody lives, so it is marked and kept.
-- Those of the training city are invented, and no import retires them.
alter table postcode
  add column retired_on date,
  add column invented boolean not null default false;
