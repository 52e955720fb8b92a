# function: f
# nothing
