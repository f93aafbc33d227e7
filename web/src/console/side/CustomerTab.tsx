import type { Assurance, Ticket } from '@lib/dto';
import { languageNames, number, t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { day, placeOf, timeOfDay } from '@lib/time';
import { Link } from '@tanstack/react-router';
import { useOrganisation, usePastTickets } from '../data';
import { useSession } from '../session';
import { useMinute } from '../store';
import { Empty, Icon, Loading, Prio, When } from '../ui/basics';

const kFace: Record<Assurance, [string, IconName]> = {
  verified: ['ok', 'shield'],
  authenticated: ['ok', 'shield'],
  claimed: ['warn', 'warning'],
  unknown: ['bad', 'alert'],
};

export function CustomerTab({ ticket, brief }: { ticket: Ticket; brief?: boolean }) {
  const organisation = useOrganisation(ticket.organisation?.id);
  const past = usePastTickets(ticket.organisation?.id);
  const session = useSession();
  const now = useMinute();
  const contact = ticket.contact;
  const level = contact?.assurance ?? 'unknown';
  const [tone, icon] = kFace[level];
  const org = organisation.data;
  const others = (past.data ?? []).filter((row) => row.id !== ticket.id).slice(0, brief ? 3 : 8);
  const sameTime = org && timeOfDay(now, org.zone) === timeOfDay(now, session.zone);
  return (
    <section>
      <h3>
        {ticket.organisation?.name ?? t('customer.unknown')}
        {org && <span className="chip acc">{t(`stage.${org.stage}`)}</span>}
      </h3>
      <div className={`identity ${tone}`}>
        <Icon name={icon} />
        <span>
          <b>{t(`customer.identity.${level}`)}</b>, {contact?.name ?? ticket.requester.name ?? ticket.requester.email}
        </span>
      </div>
      {ticket.organisation && organisation.isPending && <Loading />}
      <dl className="kv">
        {org?.contract && (
          <>
            <dt>{t('customer.contract')}</dt>
            <dd>
              {org.contract.name}, {org.contract.policy.name}
              {org.contract.ends_on &&
                `, ${t('customer.until', { day: day(`${org.contract.ends_on}T12:00:00Z`, 'UTC') })}`}
            </dd>
          </>
        )}
        {org && org.security_contacts.length > 0 && (
          <>
            <dt>{t('customer.call_back')}</dt>
            <dd className="num">
              {org.security_contacts.slice(0, brief ? 1 : 5).map((one) => (
                <span key={one.phone + one.name} className="line-block">
                  {one.phone}, {one.name}
                </span>
              ))}
            </dd>
          </>
        )}
        <dt>{t('customer.mail')}</dt>
        <dd className="break">{contact?.email ?? ticket.requester.email}</dd>
        {org && (
          <>
            <dt>{t('customer.time')}</dt>
            <dd className="num">
              {timeOfDay(now, org.zone)} {placeOf(org.zone)}
              {sameTime && `, ${t('customer.same_time')}`}
            </dd>
            {org.technologies.length > 0 && (
              <>
                <dt>{t('customer.runs')}</dt>
                <dd className="chips">
                  {org.technologies.map((one) => (
                    <span key={one.id} className="chip">
                      {one.name}
                    </span>
                  ))}
                </dd>
              </>
            )}
            {org.csat !== undefined && (
              <>
                <dt>{t('customer.csat')}</dt>
                <dd>{t('customer.csat_of', { score: number(org.csat, { maximumFractionDigits: 1 }) })}</dd>
              </>
            )}
          </>
        )}
        {org && !brief && (
          <>
            <dt>{t('org.industry')}</dt>
            <dd>{org.industry || '—'}</dd>
            <dt>{t('org.regulations')}</dt>
            <dd>{org.regulations.join(', ') || '—'}</dd>
            <dt>{t('org.languages')}</dt>
            <dd>{org.languages.map((one) => languageNames[one]).join(', ')}</dd>
            {org.notes && (
              <>
                <dt>{t('org.notes')}</dt>
                <dd className="preline">{org.notes}</dd>
              </>
            )}
          </>
        )}
        {!brief && ticket.links.length > 0 && (
          <>
            <dt>{t('customer.links')}</dt>
            <dd>
              {ticket.links.map((link) => (
                <span key={link.id} className="line-block">
                  {t(`link.${link.kind}`)}{' '}
                  <Link to="/t/$number" params={{ number: link.number }}>
                    {link.number}
                  </Link>{' '}
                  {link.subject}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      {others.length > 0 && (
        <>
          {!brief && <h4 className="side-sub">{t('customer.past')}</h4>}
          <ul className="past" aria-label={t('customer.past')}>
            {others.map((row) => (
              <li key={row.id}>
                <Prio value={row.priority} />
                <Link to="/t/$number" params={{ number: row.number }} className="clip" lang={row.language}>
                  {row.subject}
                </Link>
                <When at={row.updated_at} />
              </li>
            ))}
          </ul>
        </>
      )}
      {!ticket.organisation && (
        <Empty icon="building" title={t('customer.none_title')}>
          {t('customer.none')}
        </Empty>
      )}
    </section>
  );
}
