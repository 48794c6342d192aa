-- Delivery, fitting and collection on the board of visits (D6)
select;
