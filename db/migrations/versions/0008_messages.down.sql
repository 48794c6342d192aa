drop table message, original cascade;  -- with original_is_hidden(), which reads them
