import { useEffect, useState } from 'react'

const key = 'plimsoll-theme'
const themes = ['auto', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const names: Readonly<Record<Theme, string>> = { auto: 'System', light: 'Light', dark: 'Dark' }

const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem(key)) ?? 'auto'

/** Light, dark, or as the system says; kept in this browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(stored)
  useEffect(() => {
    localStorage.setItem(key, theme)
    if (theme === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
  return (
    <label className="theme">
      <span className="name">Theme</span>
      <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
        {themes.map((one) => (
          <option key={one} value={one}>
            {names[one]}
          </option>
        ))}
      </select>
    </label>
  )
}
