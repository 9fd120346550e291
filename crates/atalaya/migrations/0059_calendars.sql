-- In which calendars clocks count is asked at each start: over open clocks alone, from an index that says it all.
create index clocks_calendar on clocks (state, calendar, calendar_version) where state in ('running', 'paused');
