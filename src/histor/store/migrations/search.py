"""What revision 0001 makes in each database's own words: full text, places, and the guards of the ledger."""

GENESIS = "0" * 64

SQLITE = (
    """create view report_words (seq, title, text) as
       select r.seq, coalesce(r.title, ''), t.text from reports r join texts t on t.sha256 = r.text_sha256""",
    """create virtual table report_search using fts5 (
       title, text, content = 'report_words', content_rowid = 'seq', tokenize = 'porter unicode61 remove_diacritics 2')""",
    """create trigger report_search_add after insert on reports begin
       insert into report_search (rowid, title, text) select seq, title, text from report_words where seq = new.seq; end""",
    """create trigger report_search_change after update of title, text_sha256 on reports begin
       insert into report_search (report_search, rowid, title, text)
         select 'delete', old.seq, coalesce(old.title, ''), text from texts where sha256 = old.text_sha256;
       insert into report_search (rowid, title, text) select seq, title, text from report_words where seq = new.seq; end""",
    """create trigger report_search_remove after delete on reports begin
       insert into report_search (report_search, rowid, title, text)
         select 'delete', old.seq, coalesce(old.title, ''), text from texts where sha256 = old.text_sha256; end""",
    "create virtual table mention_places using rtree (seq, west, east, south, north)",
    """create trigger mention_places_add after insert on event_mentions
       when new.current and new.latitude is not null and new.longitude is not null begin
       insert into mention_places values (new.seq, new.longitude, new.longitude, new.latitude, new.latitude); end""",
    """create trigger mention_places_change after update of current on event_mentions when not new.current begin
       delete from mention_places where seq = new.seq; end""",
    """create trigger mention_places_remove after delete on event_mentions begin
       delete from mention_places where seq = old.seq; end""",
    """create trigger decisions_no_update before update on decisions begin
       select raise(abort, 'decisions are only ever added'); end""",
    """create trigger decisions_no_delete before delete on decisions begin
       select raise(abort, 'decisions are only ever added'); end""",
    f"""create trigger decisions_chain before insert on decisions
       when new.previous is not coalesce((select digest from decisions order by seq desc limit 1), '{GENESIS}')
         or exists (select 1 from decisions where seq = new.seq or id = new.id or digest = new.digest) begin
       select raise(abort, 'a decision follows the last one'); end""",
    """create trigger decisions_head after insert on decisions begin
       update ledger set length = length + 1, head = new.digest; end""",
)

POSTGRESQL = (
    "alter table reports add column search tsvector",
    """create function histor_search() returns trigger language plpgsql as $$
       declare words text := coalesce(new.title, '') || ' ' || (select t.text from texts t where t.sha256 = new.text_sha256);
       begin
         begin
           new.search := to_tsvector('english', words);
         exception when program_limit_exceeded then  -- a text of more different words than one index entry holds
           new.search := to_tsvector('english', left(words, 200000));
         end;
         return new;
       end $$""",
    """create trigger report_search before insert or update of title, text_sha256 on reports
       for each row execute function histor_search()""",
    "create index ix_reports_search on reports using gin (search)",
    """create index ix_event_mentions_point on event_mentions using gist (point(longitude, latitude))
       where current and latitude is not null and longitude is not null""",
    """create function histor_refuse() returns trigger language plpgsql as $$
       begin raise exception 'decisions are only ever added'; end $$""",
    """create trigger decisions_no_change before update or delete on decisions
       for each row execute function histor_refuse()""",
    """create trigger decisions_no_truncate before truncate on decisions
       for each statement execute function histor_refuse()""",
    f"""create function histor_chain() returns trigger language plpgsql as $$
       begin
         if new.previous is distinct from coalesce((select digest from decisions order by seq desc limit 1), '{GENESIS}')
         then raise exception 'a decision follows the last one'; end if;
         return new;
       end $$""",
    "create trigger decisions_chain before insert on decisions for each row execute function histor_chain()",
    """create function histor_head() returns trigger language plpgsql as $$
       begin update ledger set length = length + 1, head = new.digest; return null; end $$""",
    "create trigger decisions_head after insert on decisions for each row execute function histor_head()",
)
