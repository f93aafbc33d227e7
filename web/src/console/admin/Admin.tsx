import '../styles/admin.css';
import { t } from '@lib/i18n';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Missing } from '../shell/Missing';
import { Icon } from '../ui/basics';
import { Articles } from './Articles';
import { Audit } from './Audit';
import { Calendars } from './Calendars';
import { Certifications } from './Certifications';
import { Escalation } from './Escalation';
import { Factors } from './Factors';
import { Gateways } from './Gateways';
import { Models } from './Models';
import { Organisations } from './Organisations';
import { Keys, StaffAdmin, Teams } from './People';
import { Policies } from './Policies';
import { adminSections, type SectionKey } from './sections';
import { TriagePolicyPage } from './TriagePolicyPage';
import { Rules, Snippets, Technologies } from './Words';

const kGroups = ['people', 'rules', 'words', 'safety'] as const;

function Section({ section, id }: { section: SectionKey; id?: string }) {
  switch (section) {
    case 'organisations':
      return <Organisations openId={id} />;
    case 'technologies':
      return <Technologies />;
    case 'certifications':
      return <Certifications />;
    case 'staff':
      return <StaffAdmin />;
    case 'teams':
      return <Teams />;
    case 'calendars':
      return <Calendars />;
    case 'policies':
      return <Policies />;
    case 'escalation':
      return <Escalation />;
    case 'gateways':
      return <Gateways />;
    case 'triage':
      return <TriagePolicyPage />;
    case 'rules':
      return <Rules />;
    case 'models':
      return <Models />;
    case 'snippets':
      return <Snippets />;
    case 'articles':
      return <Articles openId={id} />;
    case 'factors':
      return <Factors />;
    case 'keys':
      return <Keys />;
    case 'audit':
      return <Audit />;
  }
}

export function Admin() {
  const { section } = useParams({ strict: false }) as { section: string };
  const { id } = useSearch({ strict: false }) as { id?: string };
  const known = adminSections.find((one) => one.key === section);
  if (!known) return <Missing />;
  return (
    <div className="admin">
      <nav className="admin-nav" aria-label={t('nav.admin')}>
        {kGroups.map((group) => (
          <section key={group}>
            <h2>{t(`admin.group.${group}`)}</h2>
            <ul>
              {adminSections
                .filter((one) => one.group === group)
                .map((one) => (
                  <li key={one.key}>
                    <Link
                      to="/admin/$section"
                      params={{ section: one.key }}
                      aria-current={one.key === section ? 'page' : undefined}
                    >
                      <Icon name={one.icon} />
                      {t(`admin.${one.key}`)}
                    </Link>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </nav>
      <main className="page admin-page">
        <Section key={known.key} section={known.key} id={id} />
      </main>
    </div>
  );
}
