import { useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { Button, Dialog, ErrorNotice, Field, Select, saveFile } from '../../ui/index.ts';
import { type ExportFormat, exportAudit } from './audit-export.ts';
import { type AuditFilter, auditQuery } from './audit-filter.ts';

const FORMATS = [
  { value: 'csv', label: 'CSV, for spreadsheets' },
  { value: 'jsonl', label: 'JSON lines, with everything: can be verified' },
] as const;

/** Saves what the filter shows as a file. */
export function ExportButton({ filter }: { readonly filter: AuditFilter }) {
  const [isOpen, setOpen] = useState(false);
  const [format, setFormat] = useState<ExportFormat>('csv');
  const { events, error, isBusy, start, stop } = useExport(() => setOpen(false));
  const close = () => {
    stop();
    setOpen(false);
  };
  return (
    <>
      <Button icon="download" onClick={() => setOpen(true)}>
        Export
      </Button>
      <Dialog
        open={isOpen}
        onClose={close}
        width="small"
        title="Export the audit log"
        description="Saves what the list shows now, all pages of it. That you did stands in the log."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button look="primary" icon="download" busy={isBusy} onClick={() => void start(filter, format)}>
              {isBusy ? `${events.toLocaleString('en')} so far…` : 'Export'}
            </Button>
          </>
        }
      >
        <div className="grid gap-4">
          <ErrorNotice error={error} />
          <Field label="Format">
            <Select value={format} options={FORMATS} onValue={setFormat} disabled={isBusy} />
          </Field>
        </div>
      </Dialog>
    </>
  );
}

function useExport(onSaved: () => void) {
  const [events, setEvents] = useState(0);
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const running = useRef<AbortController>(undefined);
  const stop = () => running.current?.abort();
  // Left in the middle, it stops asking.
  useEffect(() => stop, []);
  const start = async (filter: AuditFilter, format: ExportFormat) => {
    const controller = new AbortController();
    running.current = controller;
    setBusy(true);
    setError(null);
    setEvents(0);
    const now = Date.now();
    const asked = auditQuery(filter, now);
    const query = { ...asked, to: asked.to ?? new Date(now).toISOString() };
    try {
      const file = await exportAudit({ query, format, signal: controller.signal, onProgress: setEvents });
      saveFile(`audit-log-${query.to.slice(0, 10)}.${format}`, file);
      onSaved();
    } catch (thrown) {
      if (!controller.signal.aborted) setError(thrown as ApiError);
    } finally {
      setBusy(false);
    }
  };
  return { events, error, isBusy, start, stop };
}
