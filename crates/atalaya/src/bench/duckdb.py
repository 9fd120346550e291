# Asks DuckDB what the pages ask, over the same Parquet files, and lets it make a sorted Parquet file of an event file;
# prints a line of JSON for each.
import datetime, json, os, resource, sys, time
import duckdb

asked = json.loads(sys.argv[1])
today = datetime.date.fromisoformat(asked["today"])
database = duckdb.connect()
database.execute("SET TimeZone = 'UTC'; SET threads = 2; SET enable_progress_bar = false")
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

# Taking in, as far as it can: read, sort, write. It matches nothing, compares nothing, and seals nothing.
source, to = asked["csv"], asked["csv"] + ".parquet"
with open(source) as lines:
    names = lines.readline().strip().replace('"', "").split(",")
types = {"timestamp": "TIMESTAMP", "port": "INTEGER", "asn": "BIGINT"}
columns = ", ".join(f"'{name}': '{types.get(name, 'VARCHAR')}'" for name in names)
read = f"read_csv('{source}', header = true, delim = ',', quote = '\"', auto_detect = false, columns = {{{columns}}})"
database.execute("SET threads = 1; SET preserve_insertion_order = false")
before, cpu = time.perf_counter(), sum(os.times()[:2])
database.execute(f"COPY (SELECT * FROM {read} ORDER BY asn, timestamp) TO '{to}' (FORMAT parquet, COMPRESSION zstd)")
used, took = (sum(os.times()[:2]) - cpu) * 1000, (time.perf_counter() - before) * 1000
rows, size = asked["rows"], os.path.getsize(to)
os.remove(to)
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
told = {"what": "feed_chain", "n": rows, "cpu_ms": used / rows, "p50": took, "p99": took, "rss_mb": rss, "bytes": size // rows, "per_second": rows * 1000 / used}
print(json.dumps(told))
