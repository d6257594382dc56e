import { Fragment, type Key, type ReactNode } from 'react'

export interface Column<Row> {
  readonly id: string
  readonly head: ReactNode
  readonly cell: (row: Row, index: number) => ReactNode
  readonly align?: 'end'
  /** Label above the value when rows are cards; `false` for the card's title. */
  readonly label?: string | false
  readonly wide?: boolean
  readonly hideOnPhone?: boolean
  readonly sort?: 'ascending' | 'descending' | 'none'
}

interface DataTableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row, index: number) => Key
  /** A full-width line drawn before a row, such as the cut-line of an election. */
  before?: (row: Row, index: number) => ReactNode
  rowClass?: (row: Row, index: number) => string | undefined
  /** Few columns: stays a table in a narrower place. */
  dense?: boolean
}

/** A table that turns into cards where there is no room for it; explicit roles keep it a table for assistive technology there too. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  before,
  rowClass,
  dense = false,
}: DataTableProps<Row>) {
  return (
    <div className="table-room">
      <table role="table" className={dense ? 'data-table dense' : 'data-table'}>
        <caption className="sr-only">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.id} role="columnheader" scope="col" data-align={column.align} aria-sort={column.sort}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, index) => {
            const line = before?.(row, index)
            return (
              <Fragment key={rowKey(row, index)}>
                {line === undefined || line === null ? null : (
                  <tr role="row" className="cut-row hover:bg-transparent!">
                    <td role="cell" colSpan={columns.length} data-wide="" className="p-0!">
                      {line}
                    </td>
                  </tr>
                )}
                <tr role="row" className={rowClass?.(row, index)}>
                  {columns.map((column) => (
                    <td
                      key={column.id}
                      role="cell"
                      data-align={column.align}
                      data-wide={column.wide ? '' : undefined}
                      data-hide={column.hideOnPhone ? 'phone' : undefined}
                      data-label={
                        column.label === false
                          ? undefined
                          : (column.label ?? (typeof column.head === 'string' ? column.head : undefined))
                      }
                    >
                      {column.cell(row, index)}
                    </td>
                  ))}
                </tr>
              </Fragment>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
