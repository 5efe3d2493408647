export interface Note {
  title: string;
  text: string;
  /** A later note of the same tag takes the place of the earlier one. */
  tag: string;
  onClick: () => void;
}

const TEXT_MAX = 140;

/** Shows a notification of the desktop, if the browser may. */
export function notify({ title, text, tag, onClick }: Note): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  try {
    const note = new Notification(title, { body: text.slice(0, TEXT_MAX), tag, icon: '/favicon.svg' });
    note.onclick = () => {
      window.focus();
      note.close();
      onClick();
    };
  } catch {
    // Some phones have the name and refuse the call.
  }
}
