import { t } from '@lib/i18n';
import { icons } from '@lib/icons';

export function Stars({ score }: { score: number }) {
  return (
    <span className="stars" role="img" aria-label={t('survey.of_five', { score })}>
      {[1, 2, 3, 4, 5].map((one) => (
        <svg key={one} className={one <= score ? 'ic ic-s on' : 'ic ic-s'} viewBox="0 0 16 16" aria-hidden="true">
          <path d={icons.star} />
        </svg>
      ))}
      <b className="num">{score}</b>
    </span>
  );
}
