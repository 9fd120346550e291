# Asks DuckDB what the pages ask, over the same Parquet files; prints a line of JSON for each question.
import datetime, json, os, resource, sys, time
import duckdb

asked = json.loads(sys.argv[1])
today = datetime.date.fromisoformat(asked["today"])
database = duckdb.connect()
database.execute("SET TimeZone = 'UTC'; SET threads = 2")
files = ", ".join("'" + file.replace("'", "''") + "'" for file in asked["files"])
database.execute(f"CREATE VIEW lake AS SELECT * FROM read_parquet([{files}], hive_partitioning = true, hive_types = {{'day': DATE}})")
week, year = (f"day BETWEEN DATE '{today - datetime.timedelta(days)}' AND DATE '{today}'" for days in (6, 364))
tally = "SELECT day, class, type, count(*) FROM lake WHERE {} GROUP BY ALL"
page = "SELECT * FROM lake WHERE {} ORDER BY observed DESC, event DESC LIMIT 51"
member = f"holder = {int(asked['holder'])} AND {week}"
address = f"ip = unhex('{asked['ip']}') AND rank = 0 AND {year}"
questions = {
    "query_member_week": [page.format(member), tally.format(member)],
    "query_address_year": [page.format(address), tally.format(address)],
    "query_year_by_type": [tally.format(f"rank = 0 AND {year}")],
}
for what, texts in questions.items():
    times, used = [], 0.0
    for turn in range(6):
        before, cpu = time.perf_counter(), sum(os.times()[:2])
        for text in texts:
            database.execute(text).fetchall()
        # The first fills caches.
        if turn > 0:
            times.append((time.perf_counter() - before) * 1000)
            used += (sum(os.times()[:2]) - cpu) * 1000
    times.sort()
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"what": what, "n": len(times), "cpu_ms": used / len(times), "p50": times[len(times) // 2], "p99": times[-1], "rss_mb": rss}))
