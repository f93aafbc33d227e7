import { upload } from '@lib/api';
import type { Evidence, Id } from '@lib/dto';

/** One file as evidence of a ticket; the server hashes it on the way in. */
export function sendFile(
  ticket: Id,
  file: File,
  about: { source: string; note?: string; isPublic: boolean },
  progress: (part: number) => void,
) {
  const form = new FormData();
  form.set('source', about.source);
  if (about.note) form.set('note', about.note);
  form.set('public', String(about.isPublic));
  form.set('file', file, file.name);
  return upload<Evidence>(`/tickets/${ticket}/evidence`, form, progress);
}
