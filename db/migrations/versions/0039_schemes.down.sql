-- Schemes and apartments as data, criteria and overrides, reasons for a referral, a way back (N1, N2, N4), taken back.
select;
