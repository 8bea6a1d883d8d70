"""Least squares of relative errors. No coefficient is negative: no part of a step takes back instructions."""


def solve(matrix, vector):
    """Gaussian elimination with row exchange; None where the matrix is singular."""
    size = len(vector)
    rows = [list(row) + [value] for row, value in zip(matrix, vector)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) < 1e-12:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(size):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column])]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def least_squares(samples, names):
    """Coefficients by name. Each sample counts by its relative error; columns are scaled, so that pivots compare."""
    scale = {name: max(terms[name] / count for terms, count in samples) for name in names}
    table = [[terms[name] / count / scale[name] for name in names] for terms, count in samples]
    normal = [[sum(row[i] * row[j] for row in table) for j in range(len(names))] for i in range(len(names))]
    answer = solve(normal, [sum(row[i] for row in table) for i in range(len(names))])
    if answer is None:
        raise SystemExit("error: the shapes do not tell the terms apart: " + ", ".join(names))
    return {name: value / scale[name] for name, value in zip(names, answer)}


def fit(samples):
    """The coefficients, and the largest relative error. A term that would be negative is left out, the worst first."""
    names = list(samples[0][0])
    while True:
        found = least_squares(samples, names)
        worst = min(found, key=lambda name: found[name] * max(terms[name] / count for terms, count in samples))
        if found[worst] >= 0:
            break
        names.remove(worst)
    errors = (abs(sum(found[name] * terms[name] for name in names) / count - 1) for terms, count in samples)
    return {name: round(found.get(name, 0.0), 3) for name in samples[0][0]}, max(errors)
