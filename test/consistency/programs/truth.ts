import type { ConversationSummary, MessageView, Page, ProfileView } from '@parley/contracts';
import type { Person } from '../../support/people.js';
import { historyOf } from '../../support/steady-load.js';

/** What the server tells one person over plain REST. */
export interface Truth {
  profile: ProfileView;
  summaries: readonly ConversationSummary[];
  histories: ReadonlyMap<string, readonly MessageView[]>;
}

/** Reads what a person may see. A history whose conversation has taken no number since is not read again. */
export class TruthReader {
  private readonly known = new Map<string, { at: string; history: readonly MessageView[] }>();

  constructor(private readonly person: Person) {}

  async read(): Promise<Truth> {
    const { rest } = this.person;
    const profile = (await rest.get<ProfileView>('/users/me')).body;
    const { items, nextCursor } = (await rest.get<Page<ConversationSummary>>('/conversations?limit=100')).body;
    if (nextCursor !== null) throw new Error('A program has more conversations than a page');
    const histories = new Map<string, readonly MessageView[]>();
    for (const summary of items) histories.set(summary.conversation.id, await this.history(summary));
    return { profile, summaries: items, histories };
  }

  private async history({ conversation, lastSeq, visibleFromSeq }: ConversationSummary) {
    const at = `${lastSeq} from ${visibleFromSeq}`;
    const known = this.known.get(conversation.id);
    if (known?.at === at) return known.history;
    const history = await historyOf(this.person, conversation.id);
    this.known.set(conversation.id, { at, history });
    return history;
  }
}
