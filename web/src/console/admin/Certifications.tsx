// What certification ends when, and which products hang on a single person.
import { get } from '@lib/api';
import type { CertificationBoard, Certified, Cover } from '@lib/dto';
import { language, t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Empty, Icon, Loading } from '../ui/basics';
import { explainError } from '../ui/toast';

const day = (date: string) =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));

const chips: Record<Certified['state'], { look: string; icon: 'check' | 'clock' | 'alert' | 'pause' }> = {
  valid: { look: 'ok', icon: 'check' },
  expiring: { look: 'warn', icon: 'clock' },
  expired: { look: 'bad', icon: 'alert' },
  none: { look: 'hold', icon: 'pause' },
};

export function Certifications() {
  const board = useQuery({
    queryKey: ['admin', 'certifications'],
    queryFn: () => get<CertificationBoard>('/certifications'),
  });
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{t('admin.certifications')}</h1>
          <p className="hint">{t('admin.certifications.hint')}</p>
        </div>
        <Link className="btn" to="/admin/$section" params={{ section: 'staff' }}>
          <Icon name="user" small />
          {t('admin.staff')}
        </Link>
      </header>
      {board.isPending && <Loading lines={6} />}
      {board.isError && (
        <Empty icon="alert" title={t('admin.failed')}>
          {explainError(board.error)}
        </Empty>
      )}
      {board.data && (
        <>
          <Thin products={board.data.products} />
          <Ends certifications={board.data.certifications} />
        </>
      )}
    </>
  );
}

function Thin({ products }: { products: Cover[] }) {
  const thin = products.filter((one) => one.holders.length <= 1 || one.level_2 === 0);
  return (
    <section className="card" aria-labelledby="thin-title">
      <h2 id="thin-title">{t('board.thin')}</h2>
      <p className="hint">{t('board.thin_hint', { covered: products.length - thin.length, all: products.length })}</p>
      {thin.length > 0 && (
        <div className="table-wrap stacks">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('field.technology')}</th>
                <th scope="col">{t('board.holders')}</th>
                <th scope="col" className="num">
                  {t('board.level_2')}
                </th>
              </tr>
            </thead>
            <tbody>
              {thin.map((one) => (
                <tr key={one.technology.id}>
                  <th scope="row">{one.technology.name}</th>
                  <td data-head={t('board.holders')}>
                    {one.holders.length === 0 ? (
                      <span className="chip bad">
                        <Icon name="alert" small />
                        {t('board.nobody')}
                      </span>
                    ) : (
                      one.holders.map((holder) => holder.name).join(', ')
                    )}
                  </td>
                  <td className={one.level_2 === 0 ? 'num warn-text' : 'num'} data-head={t('board.level_2')}>
                    {one.level_2}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Ends({ certifications }: { certifications: Certified[] }) {
  return (
    <section className="card" aria-labelledby="ends-title">
      <h2 id="ends-title">{t('board.ends')}</h2>
      {certifications.length === 0 && <p className="hint">{t('board.none')}</p>}
      {certifications.length > 0 && (
        <div className="table-wrap stacks">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('board.person')}</th>
                <th scope="col">{t('field.technology')}</th>
                <th scope="col">{t('skill.certification')}</th>
                <th scope="col" className="num">
                  {t('skill.level')}
                </th>
                <th scope="col">{t('board.until')}</th>
              </tr>
            </thead>
            <tbody>
              {certifications.map((one) => (
                <tr key={`${one.staff.id} ${one.technology.id}`}>
                  <th scope="row">{one.staff.name}</th>
                  <td data-head={t('field.technology')}>{one.technology.name}</td>
                  <td data-head={t('skill.certification')}>{one.certification ?? '—'}</td>
                  <td className="num" data-head={t('skill.level')}>
                    {one.level}
                  </td>
                  <td data-head={t('board.until')}>
                    <span>
                      <span className={`chip ${chips[one.state].look}`}>
                        <Icon name={chips[one.state].icon} small />
                        {t(`board.state.${one.state}`, { days: Math.abs(one.days_left ?? 0) })}
                      </span>{' '}
                      {one.certified_until && <span className="dim">{day(one.certified_until)}</span>}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
