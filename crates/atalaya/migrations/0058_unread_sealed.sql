-- On which day a reporter fetched an answer was kept here, and said when they came back. Nothing writes it any more.
update sealed_envelopes set read_day = null;
