package store

import "database/sql"

// Collect reads all rows with one and closes them.
func Collect[T any](rows *sql.Rows, one func(scan func(...any) error) (T, error)) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := one(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// Column reads rows of one column.
func Column[T any](rows *sql.Rows) ([]T, error) {
	return Collect(rows, func(scan func(...any) error) (v T, err error) {
		err = scan(&v)
		return v, err
	})
}
