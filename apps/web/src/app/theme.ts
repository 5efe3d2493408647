import { createTheme } from '@mantine/core';

/**
 * How Mantine's components behave here. Colours are in `app.css`: the page has no style element, because the
 * Content-Security-Policy allows none, so the variables that Mantine would compute from a theme are written there.
 */
export const theme = createTheme({
  primaryColor: 'teal',
  respectReducedMotion: true,
  cursorType: 'pointer',
  // By name, not by component: those that nobody has opened yet are not loaded yet.
  components: {
    // The page itself never scrolls, so there is nothing to lock; the lock would need a style element.
    Modal: { defaultProps: { lockScroll: false, centered: true } },
    Drawer: { defaultProps: { lockScroll: false, position: 'right' } },
    // The placeholder for the focus would be a child of a menu that is no item.
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { shadow: 'md' } },
    Tooltip: { defaultProps: { openDelay: 400, events: { hover: true, focus: true, touch: false } } },
  },
});
