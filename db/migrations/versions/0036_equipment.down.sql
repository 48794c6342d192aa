-- Equipment: catalogue, stores, items, stock, reservations, loans, service dates, collections (D6), taken back.
select;
