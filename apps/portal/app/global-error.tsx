'use client'

/** Shown when even the frame failed, so it depends on nothing. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body
        style={{
          fontFamily: 'system-ui, sans-serif',
          maxWidth: '36rem',
          margin: '15vh auto',
          padding: '0 1rem',
          lineHeight: 1.5,
        }}
      >
        <h1>The portal can’t start</h1>
        <p>The chain is not affected, and nothing you signed is lost.</p>
        {error.digest === undefined ? null : <p>{`Report ${error.digest}`}</p>}
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  )
}
