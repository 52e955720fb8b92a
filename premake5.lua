-- For a build with kit-app-template, whose repo.sh fetches the tools that are required here. Everything else uses the Makefile.
repo_build = require("omni/repo/build")
root = repo_build.get_abs_path(".")

kit = require("_repo/deps/repo_kit_tools/kit-template/premake5-kit")
kit.setup_all({ cppdialect = "C++17" })

-- The extensions lie in exts/, where a community registry and a Git search path look for them.
for _, path in ipairs(os.matchdirs(root.."/exts/*")) do
    if os.isfile(path.."/premake5.lua") then
        include(path)
    end
end
