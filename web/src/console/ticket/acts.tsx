// The acts on a ticket, each a small form in a dialog. An error leaves everything typed where it was.
import type { Ticket } from '@lib/dto';
import { StartPage } from '../paging/StartPage';
import { AskApproval, Decide } from './acts/approval';
import { Assign } from './acts/assign';
import { AskDueDate } from './acts/due';
import { Split } from './acts/parting';
import { Override, Triage } from './acts/priority';
import { MakePromise } from './acts/promise';
import { AddEvidence, LogCall, WorkRecord } from './acts/records';
import { ChangeState, Merge } from './acts/state';

export type Act =
  | 'assign'
  | 'state'
  | 'work'
  | 'evidence'
  | 'promise'
  | 'approval'
  | 'decide'
  | 'merge'
  | 'split'
  | 'due'
  | 'call'
  | 'page'
  | 'override'
  | 'triage';
export type ActProps = { ticket: Ticket; onClose: () => void };

export function ActDialog({ act, ...props }: ActProps & { act: Act }) {
  switch (act) {
    case 'assign':
      return <Assign {...props} />;
    case 'state':
      return <ChangeState {...props} />;
    case 'work':
      return <WorkRecord {...props} />;
    case 'evidence':
      return <AddEvidence {...props} />;
    case 'promise':
      return <MakePromise {...props} />;
    case 'approval':
      return <AskApproval {...props} />;
    case 'decide':
      return <Decide {...props} />;
    case 'merge':
      return <Merge {...props} />;
    case 'split':
      return <Split {...props} />;
    case 'due':
      return <AskDueDate {...props} />;
    case 'call':
      return <LogCall {...props} />;
    case 'page':
      return <StartPage {...props} />;
    case 'override':
      return <Override {...props} />;
    case 'triage':
      return <Triage {...props} />;
  }
}
