# The door. What stands behind each line is in bin/.
.PHONY: run demo-reset test bench bench-large evaluate screenshots format check api
run:            ; @bin/run
demo-reset:     ; @bin/run --reset
test:           ; @bin/test
bench:          ; @bin/setup bench && swift build -c release --scratch-path .build-release --product understory && bin/bench
bench-large:    ; @bin/setup bench && swift build -c release --scratch-path .build-release --product understory && bin/bench --large $(or $(FOLDER),var/bench-large)
evaluate:       ; @bin/setup bench && swift build -c release --scratch-path .build-release --product understory && bin/evaluate $(SETS)
screenshots:    ; @bin/screenshots
format:         ; @swift format --in-place --recursive --parallel Sources Tests Package.swift
check:          ; @swift format lint --strict --recursive --parallel Sources Tests Package.swift
api:            ; @swift build --product understory && .build/debug/understory openapi | python3 -m json.tool --indent 1 > docs/api/openapi.json && .build/debug/understory openapi --pages docs/api
