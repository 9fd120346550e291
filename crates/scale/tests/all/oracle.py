# Reads a statement as a line of JSON, answers it with DuckDB in a line of JSON. Each value has its kind before it.
import datetime, json, sys
import duckdb

ZERO = datetime.date(1970, 1, 1)
base = duckdb.connect()
base.execute("SET TimeZone = 'UTC'")


def bound(sql, parameters):
    """The text with DuckDB's names of parameters. Instants stand in it as numbers, so that no time zone is asked for."""
    values = {}
    for name in sorted(parameters, key=len, reverse=True):
        kind, value = parameters[name] or (None, None)
        if kind == "time":
            sql = sql.replace(f":{name}", f"make_timestamptz({value}::BIGINT)")
            continue
        sql = sql.replace(f":{name}", f"${name}")
        if kind == "date":
            value = ZERO + datetime.timedelta(days=value)
        elif kind == "bytes":
            value = bytes.fromhex(value)
        values[name] = value
    return sql, values


def shown(value):
    if value is None:
        return None
    if isinstance(value, (bool, int)):
        return ["int", int(value)]
    if isinstance(value, float):
        return ["float", value]
    if isinstance(value, datetime.date):
        return ["date", (value - ZERO).days]
    if isinstance(value, (bytes, bytearray)):
        return ["bytes", value.hex()]
    return ["text", value]


def answer(ask):
    files = ", ".join("'" + file.replace("'", "''") + "'" for file in ask["files"])
    if files:
        source = f"read_parquet([{files}], hive_partitioning = true, hive_types = {{'day': DATE}})"
        base.execute(f"CREATE OR REPLACE TEMP VIEW lake AS SELECT * FROM {source}")
    else:
        base.execute("CREATE OR REPLACE TEMP TABLE none AS SELECT * FROM lake LIMIT 0")
        base.execute("CREATE OR REPLACE TEMP VIEW lake AS SELECT * FROM none")
    sql, values = bound(ask["sql"], ask["parameters"])
    described = base.execute(sql, values).description
    instants = [str(of[1]).upper().startswith("TIMESTAMP") for of in described]
    # Instants come as microseconds.
    columns = ", ".join(f"epoch_us(c{at})" if of else f"c{at}" for at, of in enumerate(instants))
    names = ", ".join(f"c{at}" for at in range(len(described)))
    rows = base.execute(f"SELECT {columns} FROM ({sql}) AS answer({names})", values).fetchall()
    rows = [[["time", value] if of and value is not None else shown(value) for of, value in zip(instants, row)] for row in rows]
    return {"names": [of[0] for of in described], "rows": rows}


for line in sys.stdin:
    try:
        said = answer(json.loads(line))
    except Exception as error:
        said = {"error": str(error)}
    print(json.dumps(said), flush=True)
