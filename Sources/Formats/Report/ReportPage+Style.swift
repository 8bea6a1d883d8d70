extension ReportPage {
  /// Follows the reader's light or dark preference; system fonts only.
  static let style = """
    :root {
      color-scheme: light dark;
      --ground: #fafaf8; --panel: #ffffff; --ink: #1c1e21; --quiet: #6a6f76; --line: #e3e3de;
      --good: #1d7a4c; --good-ground: #e5f4ec; --bad: #b3261e; --bad-ground: #fbe9e7;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #15171a; --panel: #1d2024; --ink: #e8e8e6; --quiet: #9aa0a8; --line: #30343a;
        --good: #6fd3a0; --good-ground: #16301f; --bad: #ff9a90; --bad-ground: #3a1a18;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
    main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
    header { border-left: 6px solid var(--accent); background: var(--tint);
      padding: 1.25rem 1.5rem; border-radius: 8px; }
    header p { margin: 0; color: var(--quiet); }
    h1 { margin: .15rem 0 .4rem; font-size: 2rem; line-height: 1.2; color: var(--accent); }
    h2 { margin: 2.5rem 0 .75rem; font-size: 1.15rem; }
    .good { --accent: var(--good); --tint: var(--good-ground); }
    .bad { --accent: var(--bad); --tint: var(--bad-ground); }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr));
      gap: .75rem; margin-top: 1rem; }
    .figures div { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; }
    .figures b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
    .figures span, section > p, small { color: var(--quiet); }
    .wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; vertical-align: top; padding: .6rem .9rem; border-top: 1px solid var(--line); }
    thead th { border-top: 0; font-size: .8rem; font-weight: 600; color: var(--quiet); }
    small { display: block; }
    code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
    mark { background: var(--tint); color: var(--accent); border-radius: 4px; padding: .1rem .5rem; font-weight: 600; }
    ol { padding-left: 1.5rem; }
    li { margin: .35rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    li span { color: var(--quiet); }
    dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .4rem 1.25rem; margin: 0; }
    dt { color: var(--quiet); }
    dd { margin: 0; overflow-wrap: anywhere; }
    """
}
