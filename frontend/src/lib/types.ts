/** Records as the API gives them; offsets are code points of a report's text. */

export type Span = [number, number];

export interface Actor {
  text: string;
  span: Span;
  id: string | null;
  name: string | null;
  country: string | null;
  sector: string | null;
}

export interface Place {
  text: string;
  span: Span;
  name: string | null;
  geonames_id: number | null;
  latitude: number | null;
  longitude: number | null;
  country: string | null;
  admin1: string | null;
  admin2: string | null;
  where_prec: number | null;
  geo_precision: number | null;
  coordinate_source: string | null;
}

export interface EventDate {
  text?: string | null;
  span?: Span | null;
  earliest?: string | null;
  latest?: string | null;
  date_prec?: number | null;
  time_precision?: number | null;
  anchor?: string | null;
  source?: string | null;
}

export interface Casualties {
  kind: string;
  low: number | null;
  best: number | null;
  high: number | null;
  wording: string;
  who: string;
  text: string;
  span: Span;
}

export interface Attribution {
  speaker: string;
  type: string;
  cue: string | null;
  span: Span | null;
}

export interface Acled {
  event_type: string;
  sub_event_type: string;
}

export interface EventMention {
  id: string;
  retells: string | null;
  sentence: number;
  trigger: { text: string; span: Span };
  event_type: string;
  mode: string | null;
  contexts: string[];
  acled: Acled | null;
  ucdp: { type_of_violence: number } | null;
  actors: Actor[];
  recipients: Actor[];
  place: Place | null;
  date: EventDate | null;
  casualties: Casualties[];
  weapons: { text: string; span: Span }[];
  attribution: Attribution[];
  factuality: string;
  loaded_terms: { text: string; span: Span }[];
  confidence: number;
  coder: string;
  why: string[];
}

export interface Claim {
  id: string;
  report_id: string;
  event_mention_id: string;
  property: string;
  value: unknown;
  text: string | null;
  span: Span | null;
  attribution: Attribution[];
  factuality: string;
  confidence: number;
  coder: string;
  rule: string;
}

export interface Estimate {
  property?: string;
  rule: string;
  low: number | null;
  best: number | null;
  high: number | null;
  disputed: boolean;
  claims_used: string[];
  claims_left_out: { claim: string; why: string }[];
}

export interface Decision {
  id: string;
  action: string;
  subject: string;
  payload: Record<string, unknown>;
  reason: string | null;
  coder: string;
  made_at: string;
}

export interface ReportHead {
  id: string;
  external_id: string | null;
  source: string | null;
  published: string | null;
  title: string | null;
  language?: string | null;
  url?: string | null;
  copy_of?: string | null;
  excerpt?: string;
}

export interface Quote {
  before: string;
  at: string;
  after: string;
}

export interface Ends {
  low: number | null;
  best: number | null;
  high: number | null;
  disputed: boolean;
  rule: string;
}

export interface Summary {
  id: string;
  event_type: string;
  sub_event_type: string | null;
  place: string | null;
  admin1: string | null;
  country: string | null;
  country_name: string | null;
  longitude: number | null;
  latitude: number | null;
  where_prec: number | null;
  earliest: string | null;
  latest: string | null;
  date_prec: number | null;
  actors: string[];
  recipients: string[];
  killed: Ends | null;
  injured: Ends | null;
  factuality: string;
  status: string;
  reports: number;
  origins: number;
}

export interface Link {
  left: string;
  right: string;
  judgement: string;
  score: number;
  features: [string, number, number][];
  matcher: string;
}

export interface Weighed {
  left: string;
  right: string;
  score: number;
  judgement: string;
  reasons: [string, number][];
  excluded: string | null;
}

/** An incident as the store derives it; estimates by property. */
export interface Side {
  event_type: string;
  acled: Acled | null;
  place: Place | null;
  date: EventDate | null;
  actors: Actor[];
  recipients: Actor[];
  factuality: string;
  estimates: Record<string, Estimate>;
  event_mentions: string[];
  reports: number;
  origins: number;
}

export interface Compared {
  sides: [Side, Side, Side];
  weighed: Weighed[];
}

export interface IncidentFull {
  id: string;
  event_type: string;
  acled: Acled | null;
  ucdp: { type_of_violence: number } | null;
  place: Place | null;
  date: EventDate | null;
  actors: Actor[];
  recipients: Actor[];
  factuality: string;
  status: string;
  estimates: Record<string, Estimate>;
  kept_estimates: Estimate[];
  event_mentions: { id: string; report_id: string; external_id: string | null; trigger: { text: string; span: Span } }[];
  reports: ReportHead[];
  origins: number;
  origins_by_report: Record<string, string>;
  tellings: { mention: EventMention; report_id: string; quote: Quote }[];
  claims: Claim[];
  links: Link[];
  near: (Summary & { score: number })[];
  decisions: Decision[];
  why: string[];
}

export interface Ruled {
  mention: EventMention;
  status: string;
  edited: Record<string, string>;
  claims: Claim[];
  incident?: string | null;
}

export interface MentionFull extends Ruled {
  report: ReportHead | null;
  incident: string | null;
  tag: string;
  decisions: Decision[];
}

export interface ReportFull {
  report: ReportHead & { text: string };
  sentences: [start: number, end: number, kind: string][];
  mentions: Ruled[];
  relations: { type: string; subject: Actor; object: Actor; span: Span }[];
  copies: { report_id: string; copy_of: string; overlap: number; partial: boolean; why: string }[];
  origin: string | null;
}

export interface Queued {
  id: string;
  report: ReportHead;
  event_type: string;
  factuality: string;
  country: string | null;
  earliest: string | null;
  quote: Quote;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  total: number;
}

export interface Points {
  total: number;
  unplaced: number;
  columns: {
    id: string[];
    longitude: (number | null)[];
    latitude: (number | null)[];
    where_prec: (number | null)[];
    earliest: (string | null)[];
    latest: (string | null)[];
    event_type: string[];
    low: (number | null)[];
    best: (number | null)[];
    high: (number | null)[];
  };
}

export interface Me {
  name: string;
  role: string;
  may: string[];
  via: string;
}

export interface Vocabulary {
  version: string;
  types: Record<string, string[]>;
  acled: Record<string, string>;
  factualities: string[];
  formats: string[];
  formats_need: Record<string, string>;
  countries: Record<string, string>;
}

export interface Job {
  id: string;
  kind: string;
  state: string;
  done: number;
  total: number | null;
  message: string | null;
  result: Record<string, unknown> | null;
  by: string;
  added_at: string;
  began_at: string | null;
  ended_at: string | null;
  cancel: boolean;
}

export interface Rate {
  value: number | null;
  low: number | null;
  high: number | null;
  of: number;
}

export interface Times {
  median: number | null;
  lower: number | null;
  upper: number | null;
  timed: number;
  left_out: number;
}

export interface ProjectSettings {
  settings: {
    database: string;
    coding: { lexicon: string | null; actors: string | null };
    review: { second_coder: string | null; second_percent: number; tiles: string | null; tiles_credit: string | null };
  };
  tiles: string | null;
  tiles_fixed: boolean;
  tiles_credit: string | null;
  rule: string;
  rules: { name: string; told: string }[];
  given_out?: number;
}
