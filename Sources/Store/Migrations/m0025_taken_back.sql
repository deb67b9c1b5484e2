-- Why an item stood as it did before a decision: taking the decision back puts that back too.
ALTER TABLE decision ADD COLUMN before_reason {text};

-- When old offers go, the last month of somebody's help is kept like the first.
ALTER TABLE supporter ADD COLUMN helped_last {time};
