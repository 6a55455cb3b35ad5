import time
from pathlib import Path
from datetime import date
from core.actor import Act, OFFICE
from core.lists import imports
from core.lists.imports import Wish
from core.roster_file import NamedBytes, read_roster
from core.lists import exporting
from core.lists.exporting import ListKind
from core.roster_file.writing import to_csv, to_xlsx
from tests.integration.test_killed_import import school_desk
async def test_x(core_database, database_url):
    desk = await school_desk(core_database, database_url)
    p=Path('zvonok/demo/sample')
    files=[NamedBytes(n,(p/n).read_bytes()) for n in ('staff.csv','pupils.csv','timetable.csv')]
    r=read_roster(files,today=date(2026,11,22))
    marks=[]
    def told(stage): marks.append((stage.value, time.perf_counter()))
    for name in ("first","again"):
        marks.clear()
        async with desk.database.begin() as s:
            b=await imports.bring_in(s, desk.act(), desk.school, r, Wish(), told)
        marks.append(("end", time.perf_counter()))
        print("TIMES", name, len(b.difference.entries), [(a[0], round(c[1]-a[1],2)) for a,c in zip(marks,marks[1:])])
    async with desk.database.begin() as s:
        out=[(k, (await exporting.export(s, desk.act(), desk.school, k)).table) for k in (ListKind.PUPILS, ListKind.STAFF, ListKind.TIMETABLE)]
    for kind in ("csv","xlsx"):
        files=[NamedBytes(k.value+".csv", to_csv(t)) for k,t in out] if kind=="csv" else [NamedBytes("b.xlsx", to_xlsx({k.value:t for k,t in out}))]
        r2=read_roster(files,today=date(2026,11,24))
        d=await desk.looks(r2)
        print("ROUND", kind, len(d.entries), d.gone[:2], len(d.doubts))
