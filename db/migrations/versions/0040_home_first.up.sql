-- Transfer: anybody on the list, criteria to reside, what one more costs (T4, T6)
select;
