import ArgumentParser
import Configuration
import App
print("x")
