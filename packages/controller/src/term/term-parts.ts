import type { Cluster } from '../cluster/cluster.ts';
import type { ControllerOptions } from '../controller-options.ts';
import type { Announcements } from '../requests/announcements.ts';
import type { LogEndSurvey } from '../requests/log-end-survey.ts';
import type { Senders } from '../requests/senders.ts';
import type { FencedSession } from '../znodes/fenced-session.ts';

/** What the parts of one term work on. */
export type TermParts = {
  readonly options: ControllerOptions;
  readonly fenced: FencedSession;
  readonly cluster: Cluster;
  readonly senders: Senders;
  readonly announcements: Announcements;
  readonly survey: LogEndSurvey;
};
