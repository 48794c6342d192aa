-- What is ahead: roll-out of shifts and visits, faster forecast, settings with their limits
select;
